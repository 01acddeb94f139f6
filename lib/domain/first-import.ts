/** The key of a connection's first import: whoever asks for it, and however often, it is one. */
export const firstImportKey = (connectionId: string): string => `first-import-${connectionId}`;
