"use server";
import { action } from "#lib/server/action";
import { mapSku, mapSkuInput } from "#lib/services/map-sku";
import { unmapSku, unmapSkuInput } from "#lib/services/unmap-sku";

export const mapSkuAction = action(mapSkuInput, mapSku);
export const unmapSkuAction = action(unmapSkuInput, unmapSku);
