"use client";
import { useRef, useState } from "react";
import type { PackageKind } from "#lib/domain/package";
import type { Command, CommandError, CommandResult } from "../ui/use-command.ts";

/** What is sent: one package, or the two old files one after the other. */
export interface UploadRequest {
  readonly connectionId: string;
  readonly kind: PackageKind;
  readonly fileName: string;
  readonly content: Blob;
  /** Old files: so many bytes are the account SKUs; and the day they were written. */
  readonly skuBytes?: number;
  readonly collectedOn?: string;
}

export type BeginPackage = Command<
  {
    readonly connectionId: string;
    readonly kind: PackageKind;
    readonly fileName: string;
    readonly bytes: number;
    readonly skuBytes?: number;
    readonly collectedOn?: string;
  },
  { readonly id: string; readonly chunks: { readonly bytes: number; readonly count: number } }
>;

export interface UploadCommands {
  readonly begin: BeginPackage;
  readonly complete: Command<{ readonly packageId: string }>;
  readonly cancel: Command<{ readonly packageId: string }>;
}

export type UploadState =
  | { readonly kind: "idle" }
  | { readonly kind: "sending"; readonly sent: number; readonly all: number }
  | { readonly kind: "sent" }
  | { readonly kind: "failed"; readonly error: CommandError };

/** A chunk that did not arrive is sent again so often. */
const attempts = 4;

const lost: CommandError = {
  code: "unreachable",
  message:
    "The upload broke off: Seatledger could not be reached. Nothing was changed. Choose the file and upload it again.",
};

/** Sends a file chunk by chunk; each is sent again by itself when it fails. One upload at a time. */
export function useUpload(commands: UploadCommands, onSent: () => void) {
  const [state, setState] = useState<UploadState>({ kind: "idle" });
  const stop = useRef<AbortController | null>(null);
  const send = async (request: UploadRequest): Promise<void> => {
    const abort = new AbortController();
    stop.current = abort;
    const all = request.content.size;
    setState({ kind: "sending", sent: 0, all });
    const onProgress = (sent: number) => setState({ kind: "sending", sent, all });
    const end = await upload(commands, request, abort.signal, onProgress);
    stop.current = null;
    setState(end);
    if (end.kind === "sent") onSent();
  };
  return { state, send, cancel: () => stop.current?.abort() };
}

async function upload(
  commands: UploadCommands,
  { content, ...request }: UploadRequest,
  signal: AbortSignal,
  onProgress: (sent: number) => void,
): Promise<UploadState> {
  const begun = await answerOf(commands.begin({ ...request, bytes: content.size }));
  if ("code" in begun) return { kind: "failed", error: begun };
  const { id: packageId, chunks } = begun.data;
  for (let no = 0; no < chunks.count; no += 1) {
    const end = Math.min((no + 1) * chunks.bytes, content.size);
    const part = content.slice(no * chunks.bytes, end);
    const failure = await putChunk(`/packages/${packageId}/chunks/${no}`, part, signal);
    if (signal.aborted) {
      await answerOf(commands.cancel({ packageId }));
      return { kind: "idle" };
    }
    if (failure !== null) return { kind: "failed", error: failure };
    onProgress(end);
  }
  const completed = await answerOf(commands.complete({ packageId }));
  return "code" in completed ? { kind: "failed", error: completed } : { kind: "sent" };
}

/** Null when it arrived. */
async function putChunk(
  path: string,
  part: Blob,
  signal: AbortSignal,
): Promise<CommandError | null> {
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(path, {
      method: "PUT",
      body: part,
      headers: { "content-type": "application/octet-stream" },
      signal,
    }).catch(() => null);
    if (signal.aborted) return null;
    if (response?.ok) return null;
    const passing = response === null || response.status >= 500;
    if (!passing) return problemOf(response);
    if (attempt === attempts) return lost;
    await new Promise((resolve) => setTimeout(resolve, 1000 * attempt));
  }
}

async function problemOf(response: Response): Promise<CommandError> {
  const body: unknown = await response.json().catch(() => null);
  const detail =
    typeof body === "object" && body !== null && "detail" in body ? String(body.detail) : null;
  return { code: String(response.status), message: detail ?? lost.message };
}

/** A command's data, or its error. */
async function answerOf<Output>(
  answer: Promise<CommandResult<Output> | undefined>,
): Promise<{ readonly data: Output } | CommandError> {
  const result = await answer.catch(() => undefined);
  if (result?.serverError !== undefined) return result.serverError;
  const invalid = Object.values(result?.validationErrors?.fieldErrors ?? {})[0]?.[0];
  if (invalid !== undefined) return { code: "invalid", message: invalid };
  // Safe: an action without an error has its output; those without any give undefined.
  return result === undefined ? lost : { data: result.data as Output };
}
