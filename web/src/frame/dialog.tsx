import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { closeDialog } from "../control/dialogs.ts";

/** A box over the page that holds the focus until it is closed; Escape or a click outside closes. */
export function Dialog(props: {
  readonly title: string;
  readonly testId: string;
  readonly children: ComponentChildren;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    if (dialog !== null && !dialog.open) dialog.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      aria-label={props.title}
      data-testid={props.testId}
      onClose={closeDialog}
      onPointerDown={(event) => {
        if (event.target === ref.current) closeDialog();
      }}
    >
      <div class="sheet">
        <h3>{props.title}</h3>
        {props.children}
      </div>
    </dialog>
  );
}
