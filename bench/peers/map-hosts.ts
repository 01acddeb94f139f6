import http from "node:http";
import https from "node:https";

/**
 * Loaded before a program that knows Microsoft's host only: its HTTPS requests to graph.microsoft.com reach the simulator
 * over HTTP, all else is left alone.
 */
const simulator = new URL(process.env.BENCH_GRAPH_ORIGIN ?? "");
const request = https.request;

/** Safe: the arguments of a request are handed on as they came. */
const asOptions = (value: unknown) => value as https.RequestOptions;

https.request = ((...args: Parameters<typeof https.request>) => {
  const options = asOptions(args[0]);
  if ((options.hostname ?? options.host) !== "graph.microsoft.com") return request(...args);
  const { agent: _, ...rest } = options;
  const callback = args.find((argument) => typeof argument === "function");
  const { hostname, port } = simulator;
  return http.request({ ...rest, protocol: "http:", host: hostname, hostname, port }, callback);
}) as typeof https.request;
