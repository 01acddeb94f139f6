import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Mends postgres.js 3.4.9 after `npm ci`: a connection that is lost in the middle of a transaction ends the whole process
 * (porsager/postgres#1066, #1154, #1208), or leaves a pooled connection that never speaks again, or hands the rest of the
 * dead transaction to the connection's next user. Each change is applied once; unknown text stops the installation, so
 * that a new version of the driver is looked at before it is used. docs/adr/0012 says when this file may go.
 */
const changes = [
  {
    file: "index.js",
    of: "a lost transaction's statements are refused instead of sent on whatever the connection is now",
    from: `      , connection
      , prepare = null

    try {
      await sql.unsafe('begin '`,
    to: `      , connection
      , prepare = null
      , lost = null

    try {
      await sql.unsafe('begin '`,
  },
  {
    file: "index.js",
    of: "the transaction learns of the loss",
    from: "new Promise((_, reject) => connection.onclose = reject)",
    to: "new Promise((_, reject) => connection.onclose = e => (lost = e, reject(e)))",
  },
  {
    file: "index.js",
    of: "and says so to each later statement",
    from: `        q.catch(e => uncaughtError || (uncaughtError = e))
        c.queue === full`,
    to: `        q.catch(e => uncaughtError || (uncaughtError = e))
        if (lost)
          return q.reject(lost)
        c.queue === full`,
  },
  {
    file: "connection.js",
    of: "a write that was on its way at the loss neither fires nor blocks the next session",
    from: `    clearImmediate(nextWriteTimer)
    socket.removeListener('data', data)
    socket.removeListener('connect', connected)
    idleTimer.cancel()`,
    to: `    clearImmediate(nextWriteTimer)
    chunk = nextWriteTimer = null
    socket.removeListener('data', data)
    socket.removeListener('connect', connected)
    idleTimer.cancel()`,
  },
  {
    file: "connection.js",
    of: "a statement sent between the error and the close is refused, not waited for in the next session",
    from: "!hadError && (query || sent.length) && error(Errors.connection('CONNECTION_CLOSED', options, socket))",
    to: "if (query || sent.length) error(Errors.connection('CONNECTION_CLOSED', options, socket))",
  },
  {
    file: "connection.js",
    of: "a session lost while it asks for the types fails the statement that opened it, not the process",
    from: "return fetchArrayTypes()",
    to: "return fetchArrayTypes().catch(() => undefined)",
  },
  {
    file: "connection.js",
    of: "a write after the loss fails its statement, not the process",
    from: `  function nextWrite(fn) {
    const x = socket.write(chunk, fn)`,
    to: `  function nextWrite(fn) {
    if (socket === null) {
      chunk = nextWriteTimer = null
      const lost = Errors.connection('CONNECTION_CLOSED', options)
      query && queryError(query, lost)
      while (sent.length)
        queryError(sent.shift(), lost)
      return true
    }
    const x = socket.write(chunk, fn)`,
  },
  {
    file: "connection.js",
    of: "rows of a statement that failed half-way are not counted into the next result",
    from: `    query = results = errorResponse = null
    result = new Result()
    connectTimer.cancel()`,
    to: `    query = results = errorResponse = null
    result = new Result()
    rows = 0
    connectTimer.cancel()`,
  },
];

const driver = join(import.meta.dirname, "..", "node_modules", "postgres");

for (const folder of ["src", join("cjs", "src")]) {
  for (const { file, of, from, to } of changes) {
    const path = join(driver, folder, file);
    const text = readFileSync(path, "utf8");
    if (text.includes(to)) continue;
    if (text.split(from).length !== 2) {
      throw new Error(`${path} is not the version that this patch knows: ${of}.`);
    }
    writeFileSync(
      path,
      text.replace(from, () => to),
    );
  }
}
