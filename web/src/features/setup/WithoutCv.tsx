import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";

interface WithoutCvProps {
  open: boolean;
  /** Why the CV that was chosen is not there. */
  why: string;
  onChoose: () => void;
  onGoOn: () => void;
}

/** Asks before an interview starts without the CV that the candidate wanted to use. */
export function WithoutCv({ open, why, onChoose, onGoOn }: WithoutCvProps) {
  return (
    <Dialog
      open={open}
      title="Go on without a CV?"
      onClose={onChoose}
      actions={
        <>
          <Button onClick={onChoose}>Choose a CV</Button>
          <Button tone="yellow" onClick={onGoOn}>
            Go on without a CV
          </Button>
        </>
      }
    >
      <p>{why}</p>
      <p>Without a CV the interviewer asks you what you have done.</p>
    </Dialog>
  );
}
