import { effect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { readInk, type Surface } from "./canvas-ink.ts";
import { isLive } from "./market-store.ts";

/**
 * A canvas that fills its box at the screen's resolution and is painted again whenever a signal
 * that `paint` reads has changed, or the box. A hidden one is not painted. `label` is read aloud.
 */
export function CanvasPanel(props: {
  readonly paint: (surface: Surface) => void;
  readonly label: string;
  readonly testId: string;
}) {
  const { paint } = props;
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const canvas = ref.current;
    const context = canvas?.getContext("2d");
    if (!canvas || !context) return;
    const repaint = (): void => {
      const width = canvas.clientWidth;
      const height = canvas.clientHeight;
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
    const observer = new ResizeObserver(repaint);
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
    />
  );
}
