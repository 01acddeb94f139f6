import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { testCertificate, testPrivateKey } from "#simulator/testing/certificate";
import { programVariables } from "./names.ts";
import {
  EnvironmentError,
  parseCliEnv,
  parseWebEnv,
  parseWorkerEnv,
  type Source,
} from "./parse.ts";

function keys() {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return {
    SECRETS_PUBLIC_KEY: JSON.stringify(publicKey.export({ format: "jwk" })),
    SECRETS_PRIVATE_KEYS: JSON.stringify({ keys: [privateKey.export({ format: "jwk" })] }),
  };
}
const pair = keys();
const tenant = "6BABCAAD-604b-40ac-a9d7-9fd97c0b779f";

const web: Source = {
  NODE_ENV: "production",
  APP_URL: "https://licenses.example",
  DATABASE_URL: "postgres://seatledger_web:p@db.example/seatledger",
  NEXTAUTH_SECRET: "s".repeat(32),
  AUTH_ENTRA_TENANT_ID: tenant,
  AUTH_ENTRA_CLIENT_ID: "b9b7d7ad-5a3b-4e5e-9d0d-8f8f0b0e4a11",
  AUTH_ENTRA_CLIENT_SECRET: "people-secret",
  SECRETS_PUBLIC_KEY: pair.SECRETS_PUBLIC_KEY,
};
const worker: Source = {
  APP_URL: "https://licenses.example",
  DATABASE_URL: "postgres://seatledger_worker:p@db.example/seatledger",
  ...pair,
};

function problemsOf(parse: (source: Source) => unknown, source: Source): readonly string[] {
  try {
    parse(source);
  } catch (error) {
    if (error instanceof EnvironmentError) return error.problems;
    throw error;
  }
  return [];
}

describe("web", () => {
  test("reads a complete environment", () => {
    const env = parseWebEnv({ ...web, PORT: "8080", SIGN_IN_TENANTS: `${tenant}, ${tenant}` });
    expect(env).toMatchObject({
      production: true,
      appUrl: "https://licenses.example",
      port: 8080,
      signInTenants: [tenant.toLowerCase(), tenant.toLowerCase()],
      multiTenantApp: {},
      origins: { global: {} },
      warnings: [],
    });
  });

  test("tells everything that is wrong at once, one line each", () => {
    const problems = problemsOf(parseWebEnv, { PORT: "http", APP_URL: "https://a.example/path" });
    expect(problems).toContain("DATABASE_URL is missing.");
    expect(problems).toContain("NEXTAUTH_SECRET is missing.");
    expect(problems).toContain("PORT must be a port number.");
    expect(problems.filter((line) => line.startsWith("APP_URL "))).toHaveLength(1);
    expect(problems.every((line) => !line.includes("\n"))).toBe(true);
  });

  test("an empty variable counts as missing", () => {
    expect(problemsOf(parseWebEnv, { ...web, DATABASE_URL: " " })).toEqual([
      "DATABASE_URL is missing.",
    ]);
  });

  test("never repeats a value", () => {
    const source = Object.fromEntries(
      Object.keys({ ...web, ...worker, MICROSOFT_ORIGINS: "", PORT: "" }).map((name) => [
        name,
        "hunter2-hunter2",
      ]),
    );
    for (const parse of [parseWebEnv, parseWorkerEnv, parseCliEnv]) {
      const problems = problemsOf(parse, source);
      expect(problems.length).toBeGreaterThan(0);
      expect(problems.join("\n")).not.toContain("hunter2");
    }
  });

  test("the worker's secrets stop it in production and warn elsewhere", () => {
    const secrets = {
      SECRETS_PRIVATE_KEYS: pair.SECRETS_PRIVATE_KEYS,
      MULTI_TENANT_APP_CHINA_CLIENT_SECRET: "x",
    };
    expect(problemsOf(parseWebEnv, { ...web, ...secrets })).toHaveLength(2);
    const { warnings } = parseWebEnv({ ...web, ...secrets, NODE_ENV: "development" });
    expect(warnings).toHaveLength(2);
    expect(warnings.join()).toContain("MULTI_TENANT_APP_CHINA_CLIENT_SECRET");
  });

  test("a private key in the place of the public one is refused", () => {
    const set = JSON.parse(pair.SECRETS_PRIVATE_KEYS);
    expect(
      problemsOf(parseWebEnv, { ...web, SECRETS_PUBLIC_KEY: JSON.stringify(set.keys[0]) }),
    ).toEqual(["SECRETS_PUBLIC_KEY must be the public half, without the private part."]);
  });

  test("any tenant may sign in only with a list of tenants", () => {
    const open = { ...web, AUTH_ENTRA_TENANT_ID: "organizations" };
    expect(problemsOf(parseWebEnv, open)[0]).toMatch(/^SIGN_IN_TENANTS is missing/);
    expect(problemsOf(parseWebEnv, { ...open, SIGN_IN_TENANTS: tenant })).toEqual([]);
  });

  test("embedded is opened by npm start, not by the web program", () => {
    expect(problemsOf(parseWebEnv, { ...web, DATABASE_URL: "embedded" })[0]).toContain("npm start");
  });

  test("another callback address than APP_URL is refused", () => {
    expect(problemsOf(parseWebEnv, { ...web, NEXTAUTH_URL: "https://other.example" })[0]).toMatch(
      /^NEXTAUTH_URL/,
    );
  });
});

describe("origins", () => {
  test.each([
    "http://10.0.0.1",
    "http://localhost.example",
    "ftp://a.example",
    "https://a.example/x",
    "https://u:p@a.example",
  ])("refuses %s", (value) => {
    expect(problemsOf(parseWebEnv, { ...web, MICROSOFT_LOGIN_ORIGIN: value })).toHaveLength(1);
  });

  test("plain http reaches this machine only", () => {
    const env = parseWebEnv({
      ...web,
      MICROSOFT_LOGIN_ORIGIN: "http://127.0.0.1:4001",
      MICROSOFT_GRAPH_ORIGIN: "http://localhost:4002/",
      MICROSOFT_PORTAL_ORIGIN: "http://localhost:4004",
      REPORT_DOWNLOAD_ORIGINS: "http://localhost:4003, https://reports.example",
    });
    expect(env.origins.global).toEqual({
      login: "http://127.0.0.1:4001",
      graph: "http://localhost:4002",
      portal: "http://localhost:4004",
      reportDownloads: ["http://localhost:4003", "https://reports.example"],
    });
  });

  test("several clouds as JSON; the single variables win for Global", () => {
    const env = parseWebEnv({
      ...web,
      MICROSOFT_ORIGINS: JSON.stringify({
        global: { login: "https://a.example", graph: "https://b.example" },
        china: { graph: "https://c.example" },
      }),
      MICROSOFT_GRAPH_ORIGIN: "https://d.example",
    });
    expect(env.origins).toEqual({
      global: { login: "https://a.example", graph: "https://d.example" },
      china: { graph: "https://c.example" },
    });
  });

  test.each(['{"mars":{}}', '{"global":{"login":"http://evil.example"}}', "[]", "{"])(
    "refuses %s",
    (value) => {
      expect(problemsOf(parseWebEnv, { ...web, MICROSOFT_ORIGINS: value })).toHaveLength(1);
    },
  );
});

describe("worker", () => {
  test("finds its database on a server or embedded in DATA_DIR", () => {
    expect(parseWorkerEnv(worker).database.kind).toBe("server");
    expect(parseWorkerEnv({ ...worker, DATABASE_URL: "embedded" }).database).toEqual({
      kind: "embedded",
      dataDir: ".data",
    });
  });

  test("its private keys must open what the public key seals", () => {
    const other = keys().SECRETS_PRIVATE_KEYS;
    expect(problemsOf(parseWorkerEnv, { ...worker, SECRETS_PRIVATE_KEYS: other })[0]).toMatch(
      /^SECRETS_PRIVATE_KEYS holds no key/,
    );
  });

  test("the multi-tenant app needs one credential, of the cloud's own name", () => {
    const app = { ...worker, MULTI_TENANT_APP_US_GOV_L4_CLIENT_ID: tenant };
    expect(problemsOf(parseWorkerEnv, app)[0]).toMatch(
      /^MULTI_TENANT_APP_US_GOV_L4_CLIENT_SECRET is missing/,
    );
    const env = parseWorkerEnv({ ...app, MULTI_TENANT_APP_US_GOV_L4_CLIENT_SECRET: "x" });
    expect(env.multiTenantCredentials).toEqual({ "us-gov-l4": { kind: "secret", secret: "x" } });
    expect(env.multiTenantApp).toEqual({ "us-gov-l4": { clientId: tenant.toLowerCase() } });
  });

  test("an app's secret may say when it ends; without that nobody knows", () => {
    const app = {
      ...worker,
      MULTI_TENANT_APP_CLIENT_ID: tenant,
      MULTI_TENANT_APP_CLIENT_SECRET: "x",
    };
    const expiriesOf = (value: string) =>
      parseWorkerEnv({ ...app, MULTI_TENANT_APP_CLIENT_SECRET_EXPIRES_AT: value })
        .multiTenantExpiries;
    expect(parseWorkerEnv(app).multiTenantExpiries).toEqual({});
    expect(expiriesOf("2027-05-31")).toEqual({ global: new Date("2027-05-31T00:00:00Z") });
    expect(expiriesOf("2027-05-31T14:00:00+02:00")).toEqual({
      global: new Date("2027-05-31T12:00:00Z"),
    });
    const wrong = { ...app, MULTI_TENANT_APP_CLIENT_SECRET_EXPIRES_AT: "31.05.2027" };
    expect(problemsOf(parseWorkerEnv, wrong)).toEqual([
      "MULTI_TENANT_APP_CLIENT_SECRET_EXPIRES_AT must be a day such as 2027-05-31, or an ISO 8601 instant.",
    ]);
  });

  test("an app's certificate says itself when it ends", () => {
    const folder = mkdtempSync(join(tmpdir(), "seatledger-env-"));
    try {
      const file = join(folder, "app.pem");
      writeFileSync(file, `${testCertificate}${testPrivateKey}`);
      const env = parseWorkerEnv({
        ...worker,
        MULTI_TENANT_APP_CLIENT_ID: tenant,
        MULTI_TENANT_APP_CERTIFICATE_FILE: file,
      });
      expect(env.multiTenantExpiries).toEqual({
        global: new Date("2126-10-30T15:11:47Z"),
      });
      expect(env.multiTenantCredentials.global?.kind).toBe("certificate");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("a certificate file without a certificate is told by what it lacks", () => {
    const folder = mkdtempSync(join(tmpdir(), "seatledger-env-"));
    try {
      const file = join(folder, "app.pem");
      const app = { ...worker, MULTI_TENANT_APP_CLIENT_ID: tenant };
      const read = () =>
        problemsOf(parseWorkerEnv, { ...app, MULTI_TENANT_APP_CERTIFICATE_FILE: file });
      expect(read()).toEqual([
        "MULTI_TENANT_APP_CERTIFICATE_FILE names a file that cannot be read.",
      ]);
      writeFileSync(file, "nothing");
      expect(read()[0]).toContain("without a private key");
      const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      writeFileSync(file, privateKey.export({ format: "pem", type: "pkcs8" }));
      expect(read()[0]).toContain("without a certificate");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("command line", () => {
  test("needs the owner's URL, or embedded", () => {
    expect(problemsOf(parseCliEnv, { DATABASE_URL: "postgres://web@h/d" })[0]).toMatch(
      /^MIGRATION_DATABASE_URL is missing/,
    );
    expect(parseCliEnv({ DATABASE_URL: "embedded", DATA_DIR: "/data" }).ownerDatabase).toEqual({
      kind: "embedded",
      dataDir: "/data",
    });
    expect(
      parseCliEnv({ MIGRATION_DATABASE_URL: "postgres://o@h/d", DATABASE_URL: "embedded" })
        .ownerDatabase,
    ).toEqual({ kind: "server", url: "postgres://o@h/d" });
  });
});

test("each program sees its own variables only", () => {
  const everything = {
    ...web,
    ...worker,
    PATH: "/bin",
    OTHER_SECRET: "x",
    MULTI_TENANT_APP_CLIENT_ID: tenant,
    MULTI_TENANT_APP_CLIENT_SECRET: "x",
  };
  const forWeb = programVariables("web", everything);
  const forWorker = programVariables("worker", everything);
  expect(forWeb).toMatchObject({ PATH: "/bin", MULTI_TENANT_APP_CLIENT_ID: tenant });
  expect(forWorker).toMatchObject({ PATH: "/bin", MULTI_TENANT_APP_CLIENT_SECRET: "x" });
  for (const name of ["SECRETS_PRIVATE_KEYS", "MULTI_TENANT_APP_CLIENT_SECRET", "OTHER_SECRET"]) {
    expect(forWeb).not.toHaveProperty(name);
  }
  for (const name of ["NEXTAUTH_SECRET", "AUTH_ENTRA_CLIENT_SECRET", "OTHER_SECRET"]) {
    expect(forWorker).not.toHaveProperty(name);
  }
});
