import { effect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { isLive } from "../stream/market-store.ts";
import { readInk, type Surface } from "./canvas-ink.ts";

/**
 * A canvas that fills its box at the screen's resolution and is painted again whenever a signal
 * that `paint` reads has changed, or the box. A hidden one is not painted. `label` is read aloud.
 */
export function Canvas(props: {
  readonly paint: (surface: Surface) => void;
  readonly label: string;
  readonly testId: string;
  /** Called with the place of a click [CSS px]. */
  readonly onPick?: (place: { readonly x: number; readonly y: number }) => void;
}) {
  const { paint, onPick } = props;
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const canvas = ref.current;
    const context = canvas?.getContext("2d");
    if (!canvas || !context) return;
    // Asking the element itself would lay the page out again for each paint.
    let box = { width: canvas.clientWidth, height: canvas.clientHeight };
    const repaint = (): void => {
      const { width, height } = box;
      const ink = readInk(isLive.value);
      const scale = devicePixelRatio;
      const pixels = { width: Math.round(width * scale), height: Math.round(height * scale) };
      if (canvas.width !== pixels.width) canvas.width = pixels.width;
      if (canvas.height !== pixels.height) canvas.height = pixels.height;
      context.setTransform(scale, 0, 0, scale, 0, 0);
      context.clearRect(0, 0, width, height);
      if (width > 0 && height > 0) paint({ context, width, height, ink });
    };
    const stop = effect(repaint);
    const observer = new ResizeObserver(() => {
      box = { width: canvas.clientWidth, height: canvas.clientHeight };
      repaint();
    });
    observer.observe(canvas);
    return () => {
      stop();
      observer.disconnect();
    };
  }, [paint]);
  return (
    <canvas
      ref={ref}
      class="canvas"
      role="img"
      aria-label={props.label}
      data-testid={props.testId}
      onClick={(event) => onPick?.({ x: event.offsetX, y: event.offsetY })}
    />
  );
}
