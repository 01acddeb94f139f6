/** How long what a worker does may take on a machine that is busy with other tests. Milliseconds. */
export const workerTime = 60_000;
