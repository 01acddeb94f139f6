import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFaultBench, type FaultBench, type Plot, type Story } from "./testing/fault-bench.ts";
import { datasetOf, expectFailed, expectIntact, requestsOf, streamOf } from "./testing/stories.ts";

const users = { stream: "users" } as const;

/** Somebody else's server: it counts who comes. */
let stranger: Server;
let visits = 0;

const plots = {
  origin: (origin) => ({ faults: [{ kind: "foreign-link", ...users, shape: "origin", origin }] }),
  http: () => ({ faults: [{ kind: "foreign-link", ...users, shape: "http" }] }),
  port: () => ({ faults: [{ kind: "foreign-link", ...users, shape: "port" }] }),
  userInfo: () => ({ faults: [{ kind: "foreign-link", ...users, shape: "userinfo" }] }),
  hostAsUser: () => ({ faults: [{ kind: "foreign-link", ...users, shape: "userinfo-host" }] }),
  metadata: () => ({ faults: [{ kind: "foreign-link", ...users, shape: "metadata" }] }),
  path: () => ({ faults: [{ kind: "foreign-link", ...users, shape: "path" }] }),
  dotPath: () => ({ faults: [{ kind: "foreign-link", ...users, shape: "dot-path" }] }),
  relative: () => ({ faults: [{ kind: "foreign-link", ...users, shape: "relative" }] }),
  noAddress: () => ({ faults: [{ kind: "foreign-link", ...users, shape: "not-a-url" }] }),
  signIns: (origin) => ({
    datasets: ["directory", "sign-ins"],
    faults: [{ kind: "foreign-link", stream: "sign-ins", shape: "origin", origin }],
  }),
  groups: (origin) => ({
    faults: [{ kind: "foreign-link", stream: "groups", shape: "origin", origin }],
  }),
  report: (origin) => ({
    datasets: ["directory", "usage"],
    faults: [{ kind: "report-host", endpoint: "getOffice365ActiveUserDetail", origin }],
  }),
} as const satisfies Record<string, (origin: string) => Plot>;
type Name = keyof typeof plots;

let bench: FaultBench;
let stories: Record<Name, Story>;
let host: string;

beforeAll(async () => {
  stranger = createServer((_, response) => {
    visits += 1;
    response.end();
  });
  await new Promise<void>((resolve) => stranger.listen(0, "127.0.0.1", resolve));
  const { port } = stranger.address() as AddressInfo;
  host = `127.0.0.1:${port}`;
  bench = await createFaultBench("links");
  const made = Object.entries(plots).map(([name, plot]) => [name, plot(`http://${host}`)]);
  stories = await bench.play<Name>(Object.fromEntries(made));
}, 300_000);
afterAll(async () => {
  await bench?.close();
  stranger?.close();
});

const refusalsOf = ({ subject }: Story) => subject.audit("security.link-refused");

describe("B8 links that lead away from the list", () => {
  const graph = () => new URL(bench.simulator.graphOrigin).host;
  const elsewhere = /, which is not Microsoft's configured address\. We did not follow it\.$/;
  it.each<[Name, () => string | null, RegExp]>([
    ["origin", () => host, elsewhere],
    ["http", () => "graph.microsoft.com", elsewhere],
    ["port", () => null, elsewhere],
    ["hostAsUser", () => "graph.example.net", elsewhere],
    ["metadata", () => "169.254.169.254", elsewhere],
    ["userInfo", graph, /with a user name in the address/],
    ["path", graph, /another place at .+ than the list it belongs to/],
    ["dotPath", graph, /another place at .+ than the list it belongs to/],
    ["relative", () => "?", /to something that is no address/],
    ["noAddress", () => null, /pointed to /],
  ])(
    "%s: refused by name, asked for once, told to the auditor; nothing moves",
    async (name, at, what) => {
      const story = stories[name];
      expectFailed(story, {
        stream: "users",
        told: { class: "upstream", code: "link-refused", what },
      });
      expect(requestsOf(story.subject, "users")).toBe(1);
      const [refusal, ...more] = await refusalsOf(story);
      expect(more).toEqual([]);
      expect(refusal).toMatchObject({ actorKind: "system", details: { read: "users" } });
      const refused = at();
      if (refused !== null) expect(refusal?.details).toMatchObject({ host: refused });
    },
  );

  it("of an optional list costs that list only", async () => {
    const { import: shown } = stories.groups;
    expect(shown.state).toBe("partial");
    expect(datasetOf(shown, "directory").state).toBe("succeeded");
    expect(streamOf(shown, "groups")).toMatchObject({
      state: "failed",
      error: { code: "link-refused", hidden: "Groups are shown by their id." },
    });
    expect(await refusalsOf(stories.groups)).toMatchObject([{ details: { host, read: "groups" } }]);
  });

  it("of sign-ins and reports cost those datasets only", async () => {
    expectIntact(stories.signIns, "sign-ins");
    expect(datasetOf(stories.signIns.import, "sign-ins").error?.code).toBe("link-refused");
    expectIntact(stories.report, "usage");
    expect(datasetOf(stories.report.import, "usage").error).toMatchObject({
      code: "report-host-refused",
      what: expect.stringContaining(host),
    });
    expect(await refusalsOf(stories.signIns)).toMatchObject([{ details: { read: "sign-ins" } }]);
    expect(await refusalsOf(stories.report)).toMatchObject([{ details: { host } }]);
  });

  it("are followed by nobody: no token, no request reaches the stranger", () => {
    expect(visits).toBe(0);
  });
});
