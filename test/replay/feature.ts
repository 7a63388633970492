/** Reads the part of Gherkin that recorded feature files use: scenarios, outlines, steps, tables. */

/** A step and the table below it, header row included. */
export interface FeatureStep {
  readonly text: string;
  readonly table: string[][];
}

/** One scenario to play, an outline's once for each of its examples; background first. */
export interface FeatureScenario {
  readonly name: string;
  readonly steps: readonly FeatureStep[];
}

interface Section {
  readonly kind: "background" | "scenario" | "examples";
  readonly name: string;
  readonly steps: FeatureStep[];
  /** Rows that stand under the section itself. */
  readonly rows: string[][];
}

const STEP = /^(?:Given|When|Then|And|But) +(.*)$/;
const cellsOf = (line: string): string[] =>
  line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());

/** The scenarios of a feature file; throws at a line that it does not know. */
export function parseFeature(text: string): FeatureScenario[] {
  const sections = readSections(text);
  const background = sections.find(({ kind }) => kind === "background")?.steps ?? [];
  return sections.flatMap((section, at) => {
    if (section.kind !== "scenario") return [];
    const examples = sections[at + 1];
    const steps = [...background, ...section.steps];
    if (examples?.kind !== "examples") return [{ name: section.name, steps }];
    const [header = [], ...rows] = examples.rows;
    return rows.map((row) => ({
      name: `${section.name} (${row.join(", ")})`,
      steps: steps.map((step) => fillStep(step, header, row)),
    }));
  });
}

function readSections(text: string): Section[] {
  const sections: Section[] = [];
  const open = (kind: Section["kind"], name: string): void => {
    sections.push({ kind, name, steps: [], rows: [] });
  };
  for (const raw of text.split("\n")) {
    const line = raw.trim();
    const section = sections.at(-1);
    const step = STEP.exec(line)?.[1];
    if (line === "" || line.startsWith("@") || line.startsWith("#") || line.startsWith("Feature:"))
      continue;
    if (line === "Background:") open("background", "");
    else if (line.startsWith("Scenario"))
      open("scenario", line.slice(line.indexOf(":") + 1).trim());
    else if (line === "Examples:") open("examples", "");
    else if (section === undefined) throw new Error(`a section comes before "${line}"`);
    else if (line.startsWith("|"))
      (section.steps.at(-1)?.table ?? section.rows).push(cellsOf(line));
    else if (step !== undefined) section.steps.push({ text: step, table: [] });
    else throw new Error(`no step, table or section: "${line}"`);
  }
  return sections;
}

function fillStep(
  step: FeatureStep,
  names: readonly string[],
  values: readonly string[],
): FeatureStep {
  const fill = (text: string): string =>
    names.reduce((filled, name, i) => filled.replaceAll(`<${name}>`, values[i] ?? ""), text);
  return { text: fill(step.text), table: step.table.map((row) => row.map(fill)) };
}
