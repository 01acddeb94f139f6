"use client";

/** Shown when even the root layout fails: no theme and no providers exist here. */
export default function GlobalError({ retry }: { readonly retry: () => void }) {
  return (
    <html lang="en">
      <body>
        <main>
          <h1>Seatledger is not available</h1>
          <p>The service may be starting. Nothing was changed.</p>
          <button type="button" onClick={retry}>
            Try again
          </button>
        </main>
      </body>
    </html>
  );
}
