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
ansible apache aurora aws azure bigquery bitbucket cassandra celery chrome circleci claude clickhouse
cloudflare cloudfront cockroachdb confluence couchbase cypress databricks datadog dbt debian django docker
druid duckdb dynamodb ebay elasticsearch etcd fastapi figma firebase firefox firestore flask flink flutter gcp
gemini github gitlab golang google gradle grafana graphql grpc hadoop haproxy haskell heroku hubspot instagram
istio java javascript jenkins jira jquery k8s kafka kibana kinesis kotlin kubernetes langchain laravel
linkedin linux looker mariadb matlab memcached microsoft mongo mongodb mssql mysql nagios neo4j netflix nextjs
nginx nodejs numpy okta openai opensearch openshift pandas perl photoshop php playwright podman postgres
postgresql powerpoint powershell prometheus pulsar pulumi python pytorch rabbitmq redis redshift rhel rocksdb
ros salesforce sap scala scikit selenium sentry shopify snowflake snowpark solr splunk spotify sqlite sqs
stripe supabase svelte tableau tensorflow terraform tiktok tomcat twilio twitter typescript uber ubuntu unix
vercel vue webpack whatsapp wordpress workday youtube zabbix zendesk zookeeper
"""
PRODUCTS: Final = frozenset(_PRODUCT_WORDS.split())
"""Products that a model may write without a capital."""
