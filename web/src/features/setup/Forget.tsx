import { useState } from "react";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Bin } from "../../ui/icons";

interface ForgetProps {
  /** How many interviews this browser has. */
  count: number;
  onForget: () => void;
}

/** Removes the interviews from this browser, after a question: the keys to them are lost with that. */
export function Forget({ count, onForget }: ForgetProps) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button icon={<Bin />} onClick={() => setAsking(true)}>
        Forget on this device
      </Button>
      <Dialog
        open={asking}
        title="Forget on this device?"
        onClose={() => setAsking(false)}
        actions={
          <>
            <Button onClick={() => setAsking(false)}>Keep them</Button>
            <Button
              tone="red"
              icon={<Bin />}
              onClick={() => {
                setAsking(false);
                onForget();
              }}
            >
              Forget them now
            </Button>
          </>
        }
      >
        <p>
          {count === 1 ? "This removes 1 interview" : `This removes ${count} interviews`} and what you typed
          here from this browser.
        </p>
        <p>
          It deletes nothing on our server, and you will no longer be able to open or delete these interviews.
          To delete one, open its results first.
        </p>
      </Dialog>
    </>
  );
}
