/** Tables for people: columns under each other, numbers to the right. */

/** A column of a table. */
export interface TableColumn {
  readonly title: string;
  /** Where its texts stand; left unless said otherwise. */
  readonly align?: "right";
}

/** Lines of a table, its titles first; every column as wide as its widest text. */
export function tableLines(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
): string[] {
  const titles = columns.map(({ title }) => title);
  const widths = titles.map((title, at) =>
    Math.max(title.length, ...rows.map((row) => (row[at] ?? "").length)),
  );
  return [titles, ...rows].map((row) => {
    const cells = columns.map(({ align }, at) => {
      const text = row[at] ?? "";
      const width = widths[at] ?? 0;
      return align === "right" ? text.padStart(width) : text.padEnd(width);
    });
    return `  ${cells.join("  ")}`.trimEnd();
  });
}
