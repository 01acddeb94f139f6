/** Bytes of a certificate file at most; the use case says the same. */
const maxBytes = 64 * 1024;

/** Why a chosen file is not sent; null when it is. */
export const fileError = (file: File | null): string | null => {
  if (file === null) return "Choose a file.";
  return file.size > maxBytes
    ? `The file has ${Math.ceil(file.size / 1024)} kB; a certificate file has at most 64 kB.`
    : null;
};

/** The file's bytes in base64. */
export async function fileAsBase64(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
