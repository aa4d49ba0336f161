import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";

interface LeaveDialogProps {
  open: boolean;
  onStay: () => void;
  onLeave: () => void;
}

/** Asks before Back or Forward leaves the room. Leaving ends nothing. */
export function LeaveDialog({ open, onStay, onLeave }: LeaveDialogProps) {
  return (
    <Dialog
      open={open}
      title="Leave the interview?"
      onClose={onStay}
      actions={
        <>
          <Button tone="lime" onClick={onStay}>
            Stay in the interview
          </Button>
          <Button onClick={onLeave}>Leave it</Button>
        </>
      }
    >
      <p>
        It isn't over, and its clock keeps running. You can return from the start page, in this browser. If
        you are done, stay and end it: then you get your summary.
      </p>
    </Dialog>
  );
}
