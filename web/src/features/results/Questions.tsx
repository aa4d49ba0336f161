import { use } from "react";
import type { Api, Credentials } from "../../api/client";
import type { QuestionReview } from "../../api/types";
import { Card } from "../../ui/Card";
import { MomentLink } from "./MomentLink";
import { Moments } from "./moments";
import { PractiseQuestion } from "./PractiseQuestion";
import styles from "./Questions.module.css";
import { Quote } from "./Quote";
import { Sketch } from "./Sketch";

interface QuestionsProps {
  api: Api;
  who: Credentials;
  questions: QuestionReview[];
  /** A language model is there to sketch an answer. */
  sketches: boolean;
}

/** What was asked, how it was answered, and what a stronger answer would have added. */
export function Questions({ api, who, questions, sketches }: QuestionsProps) {
  const moments = use(Moments);
  if (questions.length === 0) return null;
  const answered = questions.filter(({ answers }) => answers.length > 0).length;
  return (
    <Card className={styles.card} data-long aria-labelledby="questions">
      <h2 id="questions">Question by question</h2>
      <p>
        You answered {answered === questions.length ? "all" : answered} of {questions.length}{" "}
        {questions.length === 1 ? "question" : "questions"}.
      </p>
      <ol className={styles.list}>
        {questions.map(({ turn, question, answers, answered, evidence, stronger }) => (
          <li key={turn} className={styles.question}>
            <h3 lang={moments.get(turn)?.language} dir="auto">
              {question}
            </h3>
            <MomentLink turn={turn} about={question} />
            <dl className={styles.rows}>
              <div className={styles.row}>
                <dt>Your answer</dt>
                <dd>
                  <p>
                    {answered || (answers.length === 0 ? "You did not answer this." : "You answered this.")}
                  </p>
                  {evidence.map((one) => (
                    <Quote key={`${one.turn} ${one.quote}`} {...one} />
                  ))}
                </dd>
              </div>
              {stronger && (
                <div className={styles.row}>
                  <dt>To improve it</dt>
                  <dd>
                    <p>{stronger}</p>
                  </dd>
                </div>
              )}
            </dl>
            <PractiseQuestion turn={turn} question={question} />
            {sketches && <Sketch {...{ api, who, turn, question }} />}
          </li>
        ))}
      </ol>
    </Card>
  );
}
