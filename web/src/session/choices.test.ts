import { expect, it } from "vitest";
import { lengthOf, loadChoices, offeredChoices, offeredMinutes, offeredVoices, saveChoices } from "./choices";

it("remembers the choices, and takes nothing else for them", () => {
  expect(loadChoices()).toEqual({});
  const choices = { minutes: 10, voice: "Puck", speech_rate: "slow", extra_time: 1.5 } as const;
  saveChoices(choices);
  expect(loadChoices()).toEqual(choices);
  localStorage.setItem(
    "interviewer.choices",
    '{"minutes":"ten","voice":7,"speech_rate":"fast","extra_time":null}',
  );
  expect(loadChoices()).toEqual({});
  localStorage.setItem("interviewer.choices", "{not json");
  expect(loadChoices()).toEqual({});
});

it.each([
  [25, [10, 15, 25]],
  [55, [10, 15, 25, 55]],
  [12, [10, 12]],
  [0.5, [0.5]],
])("offers no length above the %d minutes of the deployment", (interview_minutes, offered) => {
  expect(offeredMinutes({ interview_minutes })).toEqual(offered);
});

it("offers six voices, and the deployment's own", () => {
  expect(offeredVoices({ interview_minutes: 25, voice: "Kore" })).toHaveLength(6);
  expect(offeredVoices({ interview_minutes: 25, voice: "Orus" })[0]).toBe("Orus");
});

it("sends nothing that the deployment does not offer", () => {
  const choices = { minutes: 25, voice: "Orus", speech_rate: "slow", extra_time: 3 } as const;
  expect(offeredChoices(choices, { interview_minutes: 12 })).toEqual({ speech_rate: "slow" });
  expect(offeredChoices({ ...choices, extra_time: 2 }, null)).toEqual({ speech_rate: "slow", extra_time: 2 });
  expect(offeredChoices(undefined, null)).toEqual({});
});

it("says how long the interview will be, never over 55 minutes", () => {
  expect(lengthOf({ minutes: 10, extra_time: 1.5 }, { interview_minutes: 25 })).toBe(15);
  expect(lengthOf({ extra_time: 2 }, { interview_minutes: 45 })).toBe(55);
});
