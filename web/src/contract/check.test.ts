import { describe, expect, it } from "vitest";
import { type Checks, isCount, isText, listOf, oneOf, optional, orNull, read, shape } from "./check";

interface Pet {
  name: string;
  kind: "cat" | "dog" | null;
  toys: { colour: string }[];
  age?: number;
}

const PET: Checks<Pet> = {
  name: isText,
  kind: orNull(oneOf("cat", "dog")),
  toys: listOf(shape({ colour: isText })),
  age: optional(isCount),
};
const GOOD = { name: "Tom", kind: "cat", toys: [{ colour: "red" }], age: 3 };

const wrong = (field: string) => new Error(field);

describe("reading", () => {
  it("takes the fields that are known and no others", () => {
    expect(read(PET, { ...GOOD, owner: "me" }, wrong)).toEqual(GOOD);
  });

  it("leaves out an optional field that is not there", () => {
    const { age: _, ...young } = GOOD;
    expect(Object.keys(read(PET, young, wrong))).toEqual(["name", "kind", "toys"]);
  });

  it.each([
    ["name", 7],
    ["name", undefined],
    ["kind", "cow"],
    ["kind", undefined],
    ["toys", {}],
    ["toys", [{ colour: 1 }]],
    ["age", -1],
    ["age", 0.5],
    ["age", null],
  ])("refuses %s: %j", (field, value) => {
    expect(() => read(PET, { ...GOOD, [field]: value }, wrong)).toThrow(field);
    expect(shape(PET)({ ...GOOD, [field]: value })).toBe(false);
  });

  it("takes null where the contract does", () => {
    expect(shape(PET)({ ...GOOD, kind: null })).toBe(true);
  });
});
