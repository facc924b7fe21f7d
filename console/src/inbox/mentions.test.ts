import { describe, expect, it } from "vitest";

import { cut, named, typedName } from "./mentions";

const LI = { id: "1", name: "李" };
const LI_LEI = { id: "2", name: "李雷" };
const OTHER_LI = { id: "3", name: "李" };
const ANN = { id: "4", name: "Ann Lee" };

describe("names in a note", () => {
  it("takes the longest name that follows", () => {
    expect(cut("问 @李雷 和@Ann Lee，谢谢", [LI, LI_LEI, ANN])).toEqual([
      { text: "问 ", people: [] },
      { text: "@李雷", people: [LI_LEI] },
      { text: " 和", people: [] },
      { text: "@Ann Lee", people: [ANN] },
      { text: "，谢谢", people: [] },
    ]);
  });

  it("means everybody of one name, and each once", () => {
    expect(named("@李 @李 看看", [LI, LI_LEI, OTHER_LI])).toEqual([LI, OTHER_LI]);
  });

  it("leaves addresses and empty names alone", () => {
    expect(named("写给 a@example.com，@", [LI, { id: "5", name: "" }])).toEqual([]);
  });

  it("loses nothing of the text", () => {
    const words = ["@", "李", "雷", "Ann", " ", "Lee"];
    for (let number = 0; number < words.length ** 6; number += 1) {
      const said = Array.from({ length: 6 }, (_, place) => words[Math.floor(number / words.length ** place) % words.length]).join("");
      const pieces = cut(said, [LI, LI_LEI, ANN]);
      expect(pieces.map(({ text }) => text).join("")).toBe(said);
      expect(pieces.every(({ text, people }) => people.every(({ name }) => text === `@${name}`))).toBe(true);
    }
  });

  it("knows what is being typed", () => {
    expect(typedName("问 @李", 4)).toBe("李");
    expect(typedName("问 @李 好", 6)).toBeUndefined();
    expect(typedName("@", 1)).toBe("");
    expect(typedName("@李雷", 2)).toBe("李");
  });
});
