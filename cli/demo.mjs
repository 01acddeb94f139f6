import { become, ensureInstalled, requireNode } from "./bootstrap.mjs";

requireNode();
ensureInstalled();
become(["cli/demo/main.ts"]);
