"""Lists of words for the check of names (`interview/assessment/names.py`)."""

from typing import Final

_FIRST_WORDS: Final = """
a add after als also although an and another answer answers as ask asked at au auch auf aux avec because
before bei bez both bu build but by candidate ce cette choose com compare con dans das de dem den der des
describe describes did die does du during each een ein eine einem einen el ela ele elle em en er es even every
explain explains few for from geen give gives gli go goes had has he her het hij his how however i if ihr il
ils im in instead it its kein keine l la las le learn les less lo looks los make many measure met mit more
most na nach name names ne nel nella never nicht nie niet no non none not nothing o of on once one only op os
other our overall para pick por pour practice practise prepare read rehearse review sa sans say says sein sem
senza ses seu several she show shows sie sin so some son speaks start su sua sur sus ta take tell tells ten
that the their them there these they this those though to try um uma un una une uno until use ve voor w was we
were what when where which while who whose why with work write you your z ze zij
\u0432 \u0432\u043e\u043d\u0430 \u0437 \u043d\u0430 \u043d\u0435 \u043e\u043d
\u043e\u043d\u0430 \u043f\u0440\u0438 \u0441 \u0443
"""
FIRST: Final = frozenset(_FIRST_WORDS.split())
"""Words that begin a sentence and are no names, of the languages that are written with capitals."""

_GERMAN_WORDS: Final = """
ablauf abläufe ansatz ansätze antwort antworten aussage aussagen beispiel beispiele beispielen bewerber
bewerberin bezug detail details ergebnis ergebnisse fall fehler folge folgen frage fragen gedanke gedanken
grenze grenzen grund gründe gründen kandidat kandidatin kern klarheit konzept konzepte kosten lücke lücken maß
mittel nachfrage nachteil nachteile nachteilen person praxis problem probleme punkt punkte risiken risiko
rolle sache satz schritt schritte schwäche schwächen seite seiten struktur stärke stärken sätze teil teile
thema themen tiefe unterschied unterschiede ursache ursachen vergleich verständnis vorgehen vorteil vorteile
vorteilen weg wege weise wissen wort worte zahl zahlen zeit ziel ziele zusammenhang zusammenhänge zweck
"""
GERMAN: Final = frozenset(_GERMAN_WORDS.split())
"""Nouns with which one judges an answer, in German, where every noun has a capital."""

_PRODUCT_WORDS: Final = """
accenture activemq adobe adyen aerospike airbnb airbyte airflow airtable akka alibaba allianz amazon ansible
anthropic apache apigee appium arangodb argocd artifactory asana atlassian aurora auth0 autodesk aws azure bazel
bigquery bigtable bitbucket blazor bloomberg bmw boeing bosch bytedance canva capgemini cassandra celery chatgpt
chrome circleci cisco citrix claude clickhouse cloudflare cloudfront cloudwatch cmake cockroach cockroachdb
codecov cognito collibra confluence confluent contoso cosmosdb couchbase couchdb crowdstrike cypress dagster
databricks datadog dataflow dataproc dbt debian deepmind deepseek deloitte django docker doordash dropbox druid
duckdb duolingo dynamodb dynatrace ebay ecs eks elasticsearch elixir emacs ericsson erlang eslint etcd fabrikam
facebook fastapi fastly fedora figma firebase firefox firestore fivetran flask flink fluentd flutter fortran
freshdesk gatsby gcp gemini github gitlab gke gnome goland golang goldman google gradle grafana graphql
greenplum groovy grpc gunicorn hadoop haproxy hashicorp haskell hbase heroku huawei hubspot huggingface ibm ikea
influxdb infosys initech instacart instagram intellij invision istio jaeger java javascript jboss jenkins
jetbrains jira jquery junit jupyter k8s kafka keras keycloak kibana kinesis klarna kotlin kpmg kubeflow
kubernetes langchain langgraph laravel lidl linkedin linkerd linode linux logstash looker lyft magento mailchimp
mapbox mariadb marketo matlab mckinsey memcached mercadolibre mercedes metabase micronaut microsoft minio miro
mixpanel mlflow mongo mongodb monzo mssql mulesoft mysql n26 nagios nats neo4j nestjs netflix netlify netsuite
newrelic nextjs nginx nifi nodejs nokia northwind numpy nuxt nvidia ocaml okta openai openapi opensearch
openshift openstack opentelemetry pagerduty palantir pandas paypal pepsi perl pfizer photoshop php pinecone
pinterest playwright podman postgres postgresql postman powerbi powerpoint powershell prisma prometheus pulsar
pulumi pytest python pytorch qdrant qlik quarkus quickbooks rabbitmq rackspace reddit redis redshift revolut
rhel roblox rocksdb ros sagemaker salesforce samsung sap sas scala scikit scylla selenium sentry servicenow
sharepoint shopify siemens skype snapchat snowflake snowpark snyk solana solidity solr sonarqube sony spacex
splunk spotify spss sqlalchemy sqlite sqlserver sqs squarespace starbucks strapi stripe supabase svelte sybase
symfony tableau talend tcs teamcity telegram tencent tensorflow teradata terraform tesla thanos tiktok
timescaledb tomcat toyota traefik trello trino tsmc twilio twitter typescript uber ubuntu unilever unix vagrant
vercel vertica vite vitess vmware volkswagen vue walmart weaviate webflow webpack wechat whatsapp wipro
wordpress workato workday xamarin xcode xgboost yahoo yandex youtube zabbix zalando zapier zendesk zigbee zoho
zookeeper
"""
PRODUCTS: Final = frozenset(_PRODUCT_WORDS.split())
"""Products and companies that a model may write without a capital. Names that are also plain words are left out."""

_WORK_WORDS: Final = """
acquihire adhoc anonymize api async backend backoff backpressure bariatric bioavailability brunoise bugfix
bytecode cannulation catheterisation changelog chargeback clickthrough codebase colocation comorbidities
comorbidity config coroutine counterparties counterparty crossfunctional crowdsourcing cybersecurity dataflow
datagram dataset debridement diff docstring e2e ebitda ecommerce enum failover fanout filesystem fintech
freemium frontend fulltext gamification geotargeting glycaemic goroutine gradebook handwave handwavy hardcode
hashmap hostname hotfix idempotence idempotency intubation kanban keyspace lifecycle linearizability
linearizable lockfile lookup loopback malware mandoline manoeuvre memoization memoize mentee metacognition
metacognitive metadata middleware minification monorepo mutex namespace offboarding offsite omnichannel flamegraph
onboard onboarding onsite operationalise overfit parameterise performant polypharmacy pseudocode refactorings reorg
roadmap rollout rollup runbook runtime saas screenreader sdk securitisation serverless signup skillset
solopreneur stateful subnet superuser tagline teardown telehealth threadpool timebox timestamp tokenise
tokenization tokenizer toolchain touchpoint transpile truthiness tuple typecheck unicast unittest upsell
upsert upskill uptime usecase userbase validator vectorise viewport virtualization walkthrough webhook webinar
websocket whitelist whitepaper wireframe workaround workflow workstream writeback yaml
"""
TERMS: Final = frozenset(_WORK_WORDS.split())
"""Words of work in many fields that are no names and that a dictionary of films lacks. Of our own choice."""
