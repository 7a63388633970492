/**
 * The only script of a report: reads values under the pointer off the drawn lines. The page says all
 * it has to say without it. Kept as text, for it runs in the reader's browser and not here.
 */
export const REPORT_SCRIPT = `
for (const plot of document.querySelectorAll(".plot[data-low]")) {
  const number = (key) => Number(plot.dataset[key]);
  const [from, to, low, high] = ["from", "to", "low", "high"].map(number);
  const lines = [...plot.querySelectorAll("path[data-name]")].map((path) => {
    const points = [];
    let x = 0, y = 0;
    for (const [, kind, a, b] of path.getAttribute("d").matchAll(/([MLHV])([-\\d.]+)(?: ([-\\d.]+))?/g)) {
      if (kind === "V") y = Number(a); else x = Number(a);
      if (kind === "M" || kind === "L") y = Number(b);
      points.push([x, y]);
    }
    return { name: path.dataset.name, isDots: path.classList.contains("dots"), points };
  });
  const hair = document.createElement("div");
  const reading = document.createElement("div");
  hair.className = "hair";
  reading.className = "reading";
  const text = (value) => {
    const size = Math.abs(value).toLocaleString("en-US", {
      minimumFractionDigits: number("decimals"), maximumFractionDigits: number("decimals") });
    return (value < 0 ? "\\u2212" : "") + plot.dataset.before + size + plot.dataset.after;
  };
  const show = (event) => {
    const box = plot.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    const rows = lines.flatMap(({ name, isDots, points }) => {
      const at = share * 1000;
      let best = points[0];
      for (const point of points) if (Math.abs(point[0] - at) <= Math.abs(best[0] - at)) best = point;
      if (isDots && Math.abs(best[0] - at) > 4) return [];
      return [name + "  " + text(low + (1 - best[1] / 300) * (high - low))];
    });
    const time = new Date(from + share * (to - from)).toISOString().slice(11, 19);
    reading.replaceChildren();
    const head = document.createElement("b");
    head.textContent = time + " UTC";
    reading.append(head);
    for (const row of rows) {
      const line = document.createElement("div");
      line.textContent = row;
      reading.append(line);
    }
    hair.style.left = share * 100 + "%";
    reading.style.left = share < 0.5 ? "calc(" + share * 100 + "% + 10px)" : "auto";
    reading.style.right = share < 0.5 ? "auto" : "calc(" + (1 - share) * 100 + "% + 10px)";
    plot.append(hair, reading);
  };
  plot.addEventListener("pointermove", show);
  plot.addEventListener("pointerleave", () => { hair.remove(); reading.remove(); });
}
`;
