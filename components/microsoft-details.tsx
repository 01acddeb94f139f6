import { DetailsBox } from "./ui/details-box.tsx";

/** What Microsoft's support finds an attempt by, folded away and copyable; nothing without either. */
export function MicrosoftDetails(props: {
  /** AADSTS number. */
  readonly errorNumber: number | null;
  /** GUID. */
  readonly correlationId: string | null;
}) {
  const { errorNumber, correlationId } = props;
  const lines = [
    errorNumber !== null && `AADSTS${errorNumber}`,
    correlationId !== null && `correlation-id ${correlationId}`,
  ].filter(Boolean);
  return lines.length === 0 ? null : <DetailsBox text={lines.join("\n")} />;
}
