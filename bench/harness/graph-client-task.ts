/**
 * What the peer of Microsoft's client is told to do. It stands apart from the peer, whose packages only the benchmarks
 * have: the rest of the repository is compiled without them.
 */
export interface GraphClientTask {
  readonly graphOrigin: string;
  readonly token: string;
  readonly databaseUrl: string;
  readonly select: string;
  /** Null = the client's default, 100 rows. */
  readonly top: number | null;
}
