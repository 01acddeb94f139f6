import { EdgeError } from "./problem.ts";

/** Bytes of a request body at most. */
const maxBody = 1024 * 1024;

/**
 * The JSON object of a request; an empty body is an empty object.
 * @throws EdgeError for other content, broken JSON and bodies above 1 MB (which are not read further).
 */
export async function readJsonObject(request: Request): Promise<Readonly<Record<string, unknown>>> {
  const bytes = await readBody(request, maxBody, "A request body may have 1 MB.");
  if (bytes.length === 0) return {};
  requireType(request, "application/json");
  const value = parse(bytes);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new EdgeError("malformed", "The body must be a JSON object.");
  }
  return Object.fromEntries(Object.entries(value));
}

/**
 * A request's body as bytes. @throws EdgeError for another media type and for a body above `most` bytes, which is not read
 * further.
 */
export async function readBytes(request: Request, type: string, most: number): Promise<Uint8Array> {
  requireType(request, type);
  return readBody(request, most, `This body may have ${most} bytes.`);
}

function requireType(request: Request, type: string): void {
  const given = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (given === type) return;
  throw new EdgeError("unsupported-media-type", `Send the body as ${type}.`);
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new EdgeError("malformed", "The body is not valid JSON in UTF-8.");
  }
}

async function readBody(request: Request, most: number, refusal: string): Promise<Uint8Array> {
  const tooLarge = () => new EdgeError("too-large", refusal);
  if (Number(request.headers.get("content-length") ?? 0) > most) throw tooLarge();
  if (request.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.length;
    if (size > most) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The query's parameters. @throws EdgeError for one that is given twice. */
export function readQuery(url: URL): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const [name, value] of url.searchParams) {
    if (Object.hasOwn(values, name)) throw new EdgeError("malformed", `${name} is given twice.`);
    values[name] = value;
  }
  return values;
}

/** The bearer token of a request; empty when there is none. */
export const readBearer = (request: Request): string =>
  /^Bearer ([\x21-\x7e]{1,512})$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
