import type { LicenseResolution, LicenseTerm } from "./app-license.ts";

/** A product of Microsoft. */
export interface Product {
  readonly skuId: string;
  /** Null for one that our product table lacks. */
  readonly partNumber: string | null;
  readonly name: string;
}

/** What a person said a name stands for. */
export interface MappedBy {
  readonly product: Product;
  readonly by: string;
  readonly at: string;
  /** For a former connection of the application. */
  readonly takenOver: boolean;
}

/** What people mapped for the former connection of an application that a connection still goes by. Instants ISO UTC. */
export interface TakenOverMappings {
  readonly count: number;
  readonly from: {
    readonly connectionId: string;
    readonly name: string;
    readonly disconnectedAt: string | null;
  };
  /** Who mapped them, the earliest first, and between when. */
  readonly by: readonly string[];
  readonly firstAt: string;
  readonly lastAt: string;
}

/** A license of a managed application, and what it stands for. Seats. */
export interface AppLicenseItem {
  /** The application's own id of it. */
  readonly externalId: string;
  /** False: it was mapped once, and the application does not list it any more. */
  readonly listed: boolean;
  readonly name: string | null;
  readonly resolution: LicenseResolution;
  /** Null where its SKU is not known. */
  readonly product: Product | null;
  /** What it could stand for while that is open. */
  readonly candidates: readonly Product[];
  readonly entitled: number | null;
  /** Why that is unknown, in words; null where it is known, and for one that is not listed any more. */
  readonly entitledUnknown: string | null;
  readonly terms: readonly LicenseTerm[];
  readonly mapped: MappedBy | null;
  /** What was decided since it was read: counts from the next import on. */
  readonly pending: boolean;
}

/** A SKU that people hold and no license of the application stands for, or whose name was mapped. Seats. */
export interface HeldSkuItem {
  /** As the application writes it; Microsoft's id for a known product. */
  readonly name: string;
  readonly product: Product | null;
  /** Null: under that name nobody holds it any more. */
  readonly seats: number | null;
  readonly mapped: MappedBy | null;
  readonly pending: boolean;
}

/** Everything of a managed application that has to be told apart by hand, or was. */
export interface SkuMappingView {
  /** Which read it is of; null before the first. */
  readonly read: { readonly asOf: string; readonly held: boolean } | null;
  readonly licenses: readonly AppLicenseItem[];
  readonly skus: readonly HeldSkuItem[];
  /** Licenses and names without a product, decided ones left out. */
  readonly open: number;
  /** Null = nothing was taken over, or all of it was decided anew. */
  readonly takenOver: TakenOverMappings | null;
}

/** Whether it is still to be decided what a license or a name stands for. */
export const isOpen = ({ product, mapped }: Pick<AppLicenseItem, "product" | "mapped">): boolean =>
  product === null && mapped === null;

/** Candidates that are named; of more their number is told. */
const namedCandidates = 4;

/** What a license could stand for, by name, in a sentence; none = no sentence. */
export const candidatesText = (names: readonly string[]): string => {
  if (names.length === 0) return "";
  const named = names.slice(0, namedCandidates).join(", ");
  const more = names.length - namedCandidates;
  return more > 0 ? `Possible: ${named} and ${more} more.` : `Possible: ${named}.`;
};

/** Why a license of a managed application has its SKU, or has none, in a sentence. */
export const resolutionText = (resolution: LicenseResolution): string => {
  switch (resolution) {
    case "mapping":
      return "Mapped by hand.";
    case "license-id":
      return "From its own id, which names the SKU.";
    case "accounts":
      return "From the users’ SKUs: it is the one license left in its application, and this is the one SKU its users hold that no other license stands for.";
    case "unknown-sku":
      return "Its id names no SKU of Microsoft’s product table, and the users’ SKUs do not leave exactly one license and one SKU. Choose the product it stands for.";
    case "several-skus":
      return "Its part number stands for several SKUs. Choose the right one.";
    case "several-licenses":
      return "Another license stands for the same SKU, so nobody can tell whose seats are whose. Choose the one that stands for it.";
    case "contradictory":
      return "Its id names one product, the users’ SKUs another, so it stands for neither. Choose the right one.";
    default:
      return resolution satisfies never;
  }
};
