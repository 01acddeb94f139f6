import { expect, test } from "vitest";
import { addUp } from "./connection-counts.ts";

test("counts add up, in all and per enterprise, those without one last", () => {
  const counts = addUp([
    { enterprise: null, status: "ready", connections: 3, held: 1 },
    { enterprise: "Fabrikam Group", status: "action-needed", connections: 2, held: 0 },
    { enterprise: "Contoso Group", status: "draft", connections: 1, held: 0 },
    { enterprise: "Fabrikam Group", status: "ready", connections: 4, held: 2 },
  ]);
  expect(counts).toMatchObject({ connections: 10, needRepair: 2, unfinished: 1, held: 3 });
  expect(counts.enterprises).toEqual([
    { enterprise: "Contoso Group", connections: 1, needRepair: 0, unfinished: 1, held: 0 },
    { enterprise: "Fabrikam Group", connections: 6, needRepair: 2, unfinished: 0, held: 2 },
    { enterprise: null, connections: 3, needRepair: 0, unfinished: 0, held: 1 },
  ]);
});

test("nothing adds up to nothing", () => {
  expect(addUp([])).toEqual({
    connections: 0,
    needRepair: 0,
    unfinished: 0,
    held: 0,
    enterprises: [],
  });
});
