import type { Cv } from "../../api/types";
import { CvText } from "../../cv/CvText";
import { Card } from "../../ui/Card";
import styles from "./CvReview.module.css";

interface CvReviewProps {
  cv: Cv;
  text: string;
  /** Why the server refused the text. */
  error: string | undefined;
  onChange: (text: string) => void;
}

/** The CV's text, where the set-up page could not show it yet: the text of a scan, or after a failed reading. */
export function CvReview(props: CvReviewProps) {
  return (
    <Card tone="white" className={styles.review} aria-labelledby="cv-read">
      <h2 id="cv-read" className={styles.heading}>
        Your CV as the interviewer will see it
      </h2>
      <CvText {...props} />
    </Card>
  );
}
