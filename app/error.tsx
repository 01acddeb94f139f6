"use client";
import { ErrorPage } from "#components/ui/error-page";

export default function RootError(props: {
  readonly error: Error & { digest?: string };
  readonly retry: () => void;
}) {
  return <ErrorPage digest={props.error.digest} retry={props.retry} />;
}
