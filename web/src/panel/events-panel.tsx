import { Panel } from "../frame/panel.tsx";
import { readView } from "../stream/market-store.ts";
import type { PageEvent } from "../stream/stream-message.ts";
import { clockText } from "../text/decimal-text.ts";

const GLYPHS: Readonly<Record<PageEvent["tone"], string>> = {
  plain: "·",
  good: "▶",
  warn: "◐",
  bad: "■",
};

/** What happened: changes of state, controls used and what came of them. */
export function EventsPanel() {
  const events = readView.value?.events ?? [];
  return (
    <Panel title="Events" name="events" source="stream" aside={<span class="soft">UTC</span>}>
      <div class="scroll">
        <ul class="events" data-testid="events">
          {events.map(({ id, timeMs, tone, text }) => (
            <li key={id} class={tone} data-testid="event">
              <time>{clockText(timeMs, "seconds")}</time>
              <span class="glyph">{GLYPHS[tone]}</span>
              <span>{text}</span>
            </li>
          ))}
        </ul>
        {events.length === 0 && <p class="empty">Nothing happened yet.</p>}
      </div>
    </Panel>
  );
}
