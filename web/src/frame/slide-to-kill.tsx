import { useRef, useState } from "preact/hooks";
import { fireKill, killHold, pressKill, releaseKill } from "../control/kill-switch.ts";

/** Part of the way that the thumb must go [ratio]. */
const FAR_ENOUGH = 0.85;
const THUMB = 52;

/** Kills when the thumb is drawn to the far end; let go before, it springs back. */
export function SlideToKill() {
  const track = useRef<HTMLDivElement>(null);
  const from = useRef<number | null>(null);
  const [way, setWay] = useState(0);
  const wayOf = (x: number): number => {
    const width = (track.current?.clientWidth ?? 0) - THUMB - 4;
    return width <= 0 || from.current === null
      ? 0
      : Math.max(0, Math.min(1, (x - from.current) / width));
  };
  const end = (x: number): void => {
    const isFar = wayOf(x) >= FAR_ENOUGH;
    from.current = null;
    setWay(0);
    if (isFar) fireKill();
  };
  const shift = way * ((track.current?.clientWidth ?? 0) - THUMB - 4);
  return (
    <div class="slide" ref={track} data-testid="kill-slide" data-hold={killHold.value}>
      <i style={{ width: `${shift + THUMB}px` }} />
      <span class="word">{killHold.value === "armed" ? "Enter = kill" : "slide to kill"}</span>
      <button
        type="button"
        class="thumb"
        data-testid="kill-thumb"
        aria-label="Kill: slide to the right, or hold Enter"
        style={{ transform: `translateX(${shift}px)` }}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          from.current = event.clientX;
        }}
        onPointerMove={(event) => {
          if (from.current !== null) setWay(wayOf(event.clientX));
        }}
        onPointerUp={(event) => {
          event.currentTarget.blur();
          end(event.clientX);
        }}
        onPointerCancel={() => {
          from.current = null;
          setWay(0);
        }}
        onContextMenu={(event) => event.preventDefault()}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || killHold.value === "armed") return;
          event.preventDefault();
          if (!event.repeat) pressKill();
        }}
        onKeyUp={(event) => {
          if (event.key === "Enter") releaseKill();
        }}
      >
        ■
      </button>
    </div>
  );
}
