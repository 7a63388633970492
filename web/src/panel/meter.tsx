/** A bar from its left end, or to either side of its middle; red from 90 % on, by width and word. */
export function Meter(props: {
  readonly share: number;
  readonly label: string;
  readonly middle?: boolean;
}) {
  const { share, label, middle = false } = props;
  const size = Math.min(1, Math.abs(share));
  const width = middle ? size * 50 : size * 100;
  const left = middle && share < 0 ? 50 - width : middle ? 50 : 0;
  const tone = size >= 0.9 ? "full" : !middle ? "plain" : share < 0 ? "sell" : "buy";
  return (
    <div class={middle ? "meter middle" : "meter"} role="img" aria-label={label}>
      <i class={tone} style={{ left: `${left}%`, width: `${width}%` }} />
    </div>
  );
}
