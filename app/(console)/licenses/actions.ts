"use server";
import { action } from "#lib/server/action";
import { setPrice, setPriceInput } from "#lib/services/set-price";

export const setPriceAction = action(setPriceInput, setPrice);
