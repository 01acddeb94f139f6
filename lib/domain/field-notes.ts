/** What a read noted about a managed application that has a sentence of its own; every other note is a field's name. */
export const applicationNotes = [
  "listed-twice",
  "license-listed-twice",
  "no-licenses",
  "no-terms",
  "no-units",
  "ends-before-it-begins",
] as const;
export type ApplicationNote = (typeof applicationNotes)[number];

const isApplicationNote = (note: string): note is ApplicationNote =>
  applicationNotes.some((one) => one === note);

const noteText = (note: ApplicationNote): string => {
  switch (note) {
    case "listed-twice":
      return "SaaS Management lists the application twice, alike both times; it was read once.";
    case "license-listed-twice":
      return "SaaS Management lists a license twice, alike both times; it was read once.";
    case "no-licenses":
      return "SaaS Management lists no license of the application, so what people may use is unknown.";
    case "no-terms":
      return "A license has no term, so what people may use of it is unknown.";
    case "no-units":
      return "A term has no number of items (# of items): while it is in force, what people may use is unknown.";
    case "ends-before-it-begins":
      return "A term ends before it begins: neither its days nor its number of items were believed.";
    default:
      return note satisfies never;
  }
};

/** Notes of a read as sentences: those of an application in their own words, fields with unusual values by their names. */
export function fieldNotes(notes: readonly string[]): readonly string[] {
  const fields = notes.filter((note) => !isApplicationNote(note));
  const own = notes.filter(isApplicationNote).map(noteText);
  return fields.length === 0
    ? own
    : [...own, `Unusual values in ${fields.join(", ")}; these rows count all the same.`];
}
