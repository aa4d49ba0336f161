import { useEffect, useRef, useState } from "react";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Camera } from "../../ui/icons";
import styles from "./Check.module.css";

interface CameraPanelProps {
  camera: MediaStream | null;
  /** Turns it on or off; rejects when the browser has no camera for us. */
  onToggle: (on: boolean) => Promise<void>;
}

/** The candidate's own picture, which only they see. */
export function CameraPanel({ camera, onToggle }: CameraPanelProps) {
  const video = useRef<HTMLVideoElement>(null);
  const [failed, setFailed] = useState(false);

  useEffect(() => {
    if (video.current) video.current.srcObject = camera;
  }, [camera]);

  async function toggle(): Promise<void> {
    setFailed(false);
    try {
      await onToggle(!camera);
    } catch {
      setFailed(true);
    }
  }

  return (
    <Card tone="violet" className={styles.panel} aria-labelledby="camera">
      <h2 id="camera" className={styles.heading}>
        <Camera /> Camera <span className={styles.note}>optional</span>
      </h2>
      <p>See yourself while you speak. Your picture never leaves this page.</p>
      {camera && (
        <video
          ref={video}
          className={styles.picture}
          autoPlay
          muted
          playsInline
          aria-label="Your camera, mirrored"
        />
      )}
      <Button aria-pressed={camera !== null} onClick={() => void toggle()}>
        {camera ? "Turn off the camera" : "Turn on the camera"}
      </Button>
      <p role="status" className={styles.quiet}>
        {failed && "The camera is blocked, missing or in use. You can go on without one."}
      </p>
    </Card>
  );
}
