/**
 * SKUs of Teams Rooms, shared devices and phone resource accounts, in every edition of Microsoft's product table. They
 * rarely sign in, so that their silence says nothing. Source: reference/microsoft-graph.md §5 rule 12.
 */
export const deviceSkus: readonly { readonly skuId: string; readonly name: string }[] = [
  { skuId: "6af4b3d6-14bb-4a2a-960c-6c902aad34f3", name: "Microsoft Teams Rooms Basic" },
  { skuId: "a4e376bd-c61e-4618-9901-3fc0cb1b88bb", name: "Microsoft Teams Rooms Basic for EDU" },
  {
    skuId: "50509a35-f0bd-4c5e-89ac-22f0e16a00f8",
    name: "Microsoft Teams Rooms Basic without Audio Conferencing",
  },
  { skuId: "4cde982a-ede4-4409-9ae6-b003453c8ea6", name: "Microsoft Teams Rooms Pro" },
  { skuId: "c25e2b36-e161-4946-bef2-69239729f690", name: "Microsoft Teams Rooms Pro for EDU" },
  { skuId: "31ecb341-2a17-483e-9140-c473006d1e1a", name: "Microsoft Teams Rooms Pro for GCC" },
  {
    skuId: "21943e3a-2429-4f83-84c1-02735cd49e78",
    name: "Microsoft Teams Rooms Pro without Audio Conferencing",
  },
  { skuId: "6070a4c8-34c6-4937-8dfb-39bbc6397a60", name: "Microsoft Teams Rooms Standard" },
  { skuId: "9571e9ac-2741-4b63-95fd-a79696f0d0ac", name: "Microsoft Teams Rooms Standard for GCC" },
  {
    skuId: "b4348f75-a776-4061-ac6c-36b9016b01d1",
    name: "Microsoft Teams Rooms Standard for GCC without Audio Conferencing",
  },
  {
    skuId: "61bec411-e46a-4dab-8f46-8b58ec845ffe",
    name: "Microsoft Teams Rooms Standard without Audio Conferencing",
  },
  { skuId: "4fb214cb-a430-4a91-9c91-4976763aa78f", name: "Teams Rooms Premium" },
  { skuId: "295a8eb0-f78d-45c7-8b5b-1eed5ed02dff", name: "Microsoft Teams Shared Devices" },
  {
    skuId: "420c7602-7f70-4895-9394-d3d679ea36fb",
    name: "Microsoft Teams Shared Devices for Faculty",
  },
  { skuId: "b1511558-69bd-4e1b-8270-59ca96dba0f3", name: "Microsoft Teams Shared Devices for GCC" },
  { skuId: "440eaaa8-b3e0-484b-a8be-62870b9ba70a", name: "Microsoft Teams Phone Resource Account" },
  {
    skuId: "0e142028-345e-45da-8d92-8bfd4093bbb9",
    name: "Microsoft Teams Phone Resource Account for Faculty",
  },
  {
    skuId: "2cf22bcb-0c9e-4bc6-8daf-7e7654c0f285",
    name: "Microsoft Teams Phone Resource Account for GCC",
  },
  {
    skuId: "e3f0522e-ebb7-4561-9f90-b44516d65b77",
    name: "Microsoft Teams Phone Resource Account_USGOV_GCCHIGH",
  },
];

const deviceSkuIds: ReadonlySet<string> = new Set(deviceSkus.map((sku) => sku.skuId));

/**
 * Whether the account is a room, shared device or resource account: it holds one such SKU, whatever else it holds.
 * Such an account has no opportunity; its seats still count. Source: DESIGN §5 Left out, fault-catalogue B40.
 */
export const isDeviceAccount = (heldSkuIds: Iterable<string>): boolean => {
  for (const skuId of heldSkuIds) if (deviceSkuIds.has(skuId.toLowerCase())) return true;
  return false;
};
