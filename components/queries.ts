"use client";
import { type QueryKey, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { KeyPairItem } from "#lib/domain/credential-item";
import type { ConnectProgress } from "#lib/domain/hand-off";
import type { ImportItem } from "#lib/domain/import-item";
import { isPackageMoving, type PackageItem } from "#lib/domain/package-item";
import type { VerificationItem } from "#lib/domain/verification-item";

/** Names of everything that is watched while a page is open. */
const queryKeys = {
  import: (id: string) => ["import", id] as const,
  packages: (connectionId: string) => ["packages", connectionId] as const,
  verification: (id: string) => ["verification", id] as const,
  keyPair: (id: string) => ["key-pair", id] as const,
  connectProgress: (connectionId: string) => ["connect-progress", connectionId] as const,
  alertCount: ["alert-count"] as const,
};

/** How often the bell looks. Milliseconds. */
const lookEvery = 60_000;

/** How often a running thing is asked for. Milliseconds. */
const pollEvery = 2_000;

/** The same for the first ten seconds, in which most happens that somebody waits for. */
const pollAtFirst = 500;
const pollsAtFirst = 20;

/** Milliseconds until something that runs is asked for again, after so many answers. */
const nextPoll = (answers: number): number => (answers < pollsAtFirst ? pollAtFirst : pollEvery);

/** A collector may upload at any moment. Milliseconds. */
const lookForPackagesEvery = 10_000;

/** The one fetcher: JSON of our own origin, or an error with its status. */
const fetchJson = async (path: string, signal: AbortSignal): Promise<unknown> => {
  const response = await fetch(path, { signal, headers: { accept: "application/json" } });
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response.json();
};

export const isImportRunning = ({ state, datasets }: ImportItem): boolean =>
  state === "queued" ||
  state === "running" ||
  datasets.some((dataset) => dataset.state === "queued" || dataset.state === "running");

export const isVerificationRunning = ({ state }: VerificationItem): boolean =>
  state === "queued" || state === "running" || state === "waiting";

/** What the server renders anew, such as after a decision, replaces what was fetched before. */
const useRendered = (queryKey: QueryKey, rendered: unknown): void => {
  const client = useQueryClient();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key's text is its identity
  useEffect(() => {
    client.setQueryData(queryKey, rendered);
  }, [client, rendered, queryKey.join()]);
};

/** The import as it is now; asks again only while it runs. */
export const useImport = (initial: ImportItem) => {
  useRendered(queryKeys.import(initial.id), initial);
  return useQuery({
    queryKey: queryKeys.import(initial.id),
    // Safe: the route handler answers with exactly this read model.
    queryFn: async ({ signal }) =>
      (await fetchJson(`/imports/${initial.id}/live`, signal)) as ImportItem,
    initialData: initial,
    staleTime: pollEvery,
    refetchInterval: ({ state }) =>
      state.data !== undefined && isImportRunning(state.data)
        ? nextPoll(state.dataUpdateCount)
        : false,
  });
};

/** The verification as it is now; asks again only while it runs or waits, and often while it is worked on. */
export const useVerification = (initial: VerificationItem) => {
  useRendered(queryKeys.verification(initial.id), initial);
  return useQuery({
    queryKey: queryKeys.verification(initial.id),
    // Safe: the route handler answers with exactly this read model.
    queryFn: async ({ signal }) =>
      (await fetchJson(`/verifications/${initial.id}/live`, signal)) as VerificationItem,
    initialData: initial,
    staleTime: pollEvery,
    refetchInterval: ({ state }) =>
      state.data !== undefined && isVerificationRunning(state.data)
        ? nextPoll(state.data.state === "running" ? 0 : state.dataUpdateCount)
        : false,
  });
};

/** A connection's uploads as they are now; asks often while one of them moves, and now and then for new ones. */
export const usePackages = (connectionId: string, initial: readonly PackageItem[]) => {
  useRendered(queryKeys.packages(connectionId), initial);
  return useQuery({
    queryKey: queryKeys.packages(connectionId),
    // Safe: the route handler answers with exactly this read model.
    queryFn: async ({ signal }) => {
      const list = await fetchJson(`/connections/${connectionId}/packages/live`, signal);
      return (list as { readonly items: readonly PackageItem[] }).items;
    },
    initialData: initial,
    staleTime: pollEvery,
    refetchInterval: ({ state }) =>
      state.data?.some(isPackageMoving) ? pollEvery : lookForPackagesEvery,
  });
};

/** The key pair in preparation as it is now; asks again only until it is made. */
export const useKeyPairItem = (initial: KeyPairItem) => {
  useRendered(queryKeys.keyPair(initial.credentialId), initial);
  return useQuery({
    queryKey: queryKeys.keyPair(initial.credentialId),
    // Safe: the route handler answers with exactly this read model, or with null once the pair was used.
    queryFn: async ({ signal }) =>
      ((await fetchJson(
        `/connections/${initial.connectionId}/key-pair/live`,
        signal,
      )) as KeyPairItem | null) ?? initial,
    initialData: initial,
    staleTime: pollEvery,
    refetchInterval: ({ state }) => (state.data?.certificate === null ? pollEvery : false),
  });
};

/** How far a consent has come that is given elsewhere; asks for as long as the page waits. */
export const useConnectProgress = (connectionId: string, initial: ConnectProgress) => {
  useRendered(queryKeys.connectProgress(connectionId), initial);
  return useQuery({
    queryKey: queryKeys.connectProgress(connectionId),
    // Safe: the route handler answers with exactly this read model.
    queryFn: async ({ signal }) =>
      (await fetchJson(`/connections/${connectionId}/live`, signal)) as ConnectProgress,
    initialData: initial,
    staleTime: pollEvery,
    refetchInterval: pollEvery,
  });
};

/** How many alerts nobody has acknowledged, looked at every minute while the page is open. */
export const useAlertCount = (initial: number) => {
  useRendered(queryKeys.alertCount, initial);
  return useQuery({
    queryKey: queryKeys.alertCount,
    // Safe: the route handler answers with exactly this.
    queryFn: async ({ signal }) =>
      ((await fetchJson("/alerts/live", signal)) as { readonly count: number }).count,
    initialData: initial,
    staleTime: lookEvery,
    refetchInterval: lookEvery,
  });
};
