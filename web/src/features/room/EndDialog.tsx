import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";

interface EndDialogProps {
  open: boolean;
  onStay: () => void;
  onEnd: () => void;
}

/** Asks before the interview ends. */
export function EndDialog({ open, onStay, onEnd }: EndDialogProps) {
  return (
    <Dialog
      open={open}
      title="End the interview?"
      onClose={onStay}
      actions={
        <>
          <Button tone="lime" onClick={onStay}>
            Continue the interview
          </Button>
          <Button tone="red" onClick={onEnd}>
            End and see the summary
          </Button>
        </>
      }
    >
      <p>
        You'll get your summary and the transcript of everything said so far. You can't come back to this
        interview.
      </p>
    </Dialog>
  );
}
