/**
 * A run's report as one HTML file that needs nothing else: no network, no other file, no script to be
 * read. Numbers come from the run's record alone.
 */
import { chartContext } from "./report-charts.ts";
import { reportFigures } from "./report-figures.ts";
import { escaped, utc } from "./report-format.ts";
import { REPORT_SCRIPT } from "./report-script.ts";
import { reportSections, type Section } from "./report-sections.ts";
import { REPORT_STYLE } from "./report-style.ts";
import { caveats, verdict } from "./report-words.ts";
import type { RunRecord } from "./run-record.ts";

/** The report's HTML. */
export function reportPage(record: RunRecord): string {
  const { manifest } = record;
  const figures = reportFigures(record);
  const context = chartContext(record, figures);
  const { headline, kind, sentences } = verdict(record, figures);
  const sections = reportSections(context);
  const notes = caveats(record, figures).map((note) => `<li>${escaped(note)}</li>`);
  const links = sections.map(({ id, title }) => `<a href="#${id}">${escaped(title)}</a>`);
  const model = String(manifest.config.model ?? "");
  const meta = [manifest.venue, manifest.asset, model, utc(manifest.startedMs), manifest.id];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(headline)} · bourse</title>
<link rel="icon" href="data:,">
<style>${REPORT_STYLE}</style>
</head>
<body>
<header>
<p class="meta">${meta
    .filter((word) => word !== "")
    .map(escaped)
    .join(" · ")}</p>
<p class="meta">Repeat: <code>${escaped(manifest.again)}</code></p>
</header>
<main>
<section id="verdict" class="${kind}-run">
<h1>${escaped(headline)}</h1>
${sentences.map((sentence) => `<p class="lead">${escaped(sentence)}</p>`).join("\n")}
<h2>Keep in mind</h2>
<ul class="soft">${notes.join("")}</ul>
<nav aria-label="Sections">${links.join("")}</nav>
</section>
${sections.map(sectionHtml).join("\n")}
</main>
<script>${REPORT_SCRIPT}</script>
</body>
</html>
`;
}

const sectionHtml = ({ id, title, lead, body }: Section): string =>
  `<section id="${id}"><h2>${escaped(title)}</h2>` +
  `${lead === "" ? "" : `<p class="soft">${escaped(lead)}</p>`}${body}</section>`;
