import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { endpoints } from "./endpoints.ts";
import { openapiDocument } from "./openapi.ts";

const root = join(import.meta.dirname, "../../app/api/v1");

/** Every method a route file under app/api/v1 exports, as `GET /licenses/{id}`. */
const routes = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith("route.ts") && !file.includes("[..."))
  .flatMap((file) => {
    const path = `/${file.replace(/\/route\.ts$/, "").replaceAll(/\[(\w+)\]/g, "{$1}")}`;
    const text = readFileSync(join(root, file), "utf8");
    return [...text.matchAll(/export const ([A-Z]+) = (?:api\(\w+Endpoints\.(\w+)\))?/g)].map(
      ([, method = "", endpoint]) => ({ operation: `${method} ${path}`, endpoint }),
    );
  });

test("every route is in the document and every operation has its route", () => {
  const document = openapiDocument();
  const paths = Object.entries(document.paths as Record<string, object>);
  const documented = paths.flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(routes.map((route) => route.operation).toSorted()).toEqual(documented.toSorted());
  expect(routes.length).toBeGreaterThan(20);
});

test("each route serves the endpoint of its own path and method", () => {
  const served = routes.filter((route) => route.endpoint !== undefined);
  expect(served).toHaveLength(Object.keys(endpoints).length);
  for (const { operation, endpoint } of served) {
    const found = Object.values(endpoints).find((candidate) => candidate.id === endpoint);
    expect(`${found?.method} ${found?.path}`).toBe(operation);
  }
});

test("the document has no dangling reference and says what each operation takes", () => {
  const document = openapiDocument();
  const text = JSON.stringify(document);
  for (const [, reference = ""] of text.matchAll(/"\$ref":"([^"]+)"/g)) {
    const target = reference
      .slice(2)
      .split("/")
      .reduce<unknown>(
        (value, key) => (value as Record<string, unknown> | undefined)?.[key],
        document,
      );
    expect(target, reference).toBeDefined();
  }
  const paths = document.paths as Record<
    string,
    Record<string, { parameters: { name: string }[] }>
  >;
  const parameters = paths["/licenses"]?.get?.parameters.map((parameter) => parameter.name);
  expect(parameters).toEqual(
    expect.arrayContaining(["connectionId", "compliance", "flag", "sort", "limit", "cursor"]),
  );
  const start = paths["/connections/{id}/imports"]?.post;
  expect(start?.parameters.map((parameter) => parameter.name)).toEqual(["id", "Idempotency-Key"]);
  expect(start).not.toHaveProperty("requestBody");
});
