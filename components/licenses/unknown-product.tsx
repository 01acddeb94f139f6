import type { LicenseItem } from "#lib/domain/license-item";
import { isUnknownProduct } from "#lib/domain/product-name";
import { Callout } from "../ui/callout.tsx";

/** What a product without a name means and who can name it; nothing for one that has a name. */
export function UnknownProductNotice({ license }: { readonly license: LicenseItem }) {
  if (!isUnknownProduct(license)) return null;
  return (
    <Callout
      tone="info"
      title="Microsoft's product table, as it is loaded here, does not have this product"
    >
      It goes by {license.partNumber === null ? "its id" : "its part number"} and is counted like
      any other. Whoever runs this installation can load a newer table with{" "}
      <code>seatledger products load</code>; its name follows within a day.
    </Callout>
  );
}
