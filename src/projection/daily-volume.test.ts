import { expect, test } from "vitest";
import { countVolume, createDailyVolume, dailyVolumeOf, VOLUME_DAYS } from "./daily-volume.ts";

const DAY = 86_400_000;

test("volume is told by UTC day, taker and maker apart, for 15 days", () => {
  const volume = createDailyVolume();
  for (let day = 100; day < 120; day++) {
    const timeMs = day * DAY + 5;
    countVolume(volume, { account: 2, timeMs, px: day, sz: 1, crossed: true });
    countVolume(volume, { account: 3, timeMs, px: day, sz: 1, crossed: false });
  }
  expect(volume.exchange).toHaveLength(VOLUME_DAYS);
  const days = dailyVolumeOf(volume, 2, 121 * DAY);
  expect(days).toHaveLength(VOLUME_DAYS);
  expect(days[0]).toEqual({ day: 107, taken: 107, made: 0, exchange: 107 });
  expect(days.at(-1)).toEqual({ day: 121, taken: 0, made: 0, exchange: 0 });
  expect(dailyVolumeOf(volume, 9, 119 * DAY).at(-1)).toEqual({
    day: 119,
    taken: 0,
    made: 0,
    exchange: 119,
  });
});
