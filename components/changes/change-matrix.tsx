"use client";
import {
  Anchor,
  Button,
  Group,
  Table,
  TableScrollContainer,
  TableTbody,
  TableTd,
  TableTh,
  TableThead,
  TableTr,
  Text,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import NextLink from "next/link";
import { type ChangeKind, changeKinds } from "#lib/domain/change";
import type { ChangeCount } from "#lib/domain/change-models";
import { changeLabels } from "#lib/domain/change-text";
import { formatNumber } from "../ui/format.ts";

/** Products shown before the rest is asked for. */
const shownAtOnce = 12;

/** How much of each kind changed in each product; every count leads to its rows. */
export function ChangeMatrix(props: {
  readonly counts: readonly ChangeCount[];
  /** The page the rows are on; null where there are none, as of a first import. */
  readonly path: string | null;
}) {
  const [all, { toggle }] = useDisclosure(false);
  const kinds = changeKinds.filter((kind) => props.counts.some((count) => count.kind === kind));
  const products = byProduct(props.counts);
  const hidden = products.length - shownAtOnce;
  return (
    <>
      <TableScrollContainer minWidth={240 + kinds.length * 110} type="native">
        <Table aria-label="Changes by license" verticalSpacing="xs" horizontalSpacing="sm">
          <TableThead>
            <TableTr>
              <TableTh>License</TableTh>
              {kinds.map((kind) => (
                <TableTh key={kind} ta="end" title={changeLabels[kind].meaning}>
                  {changeLabels[kind].heading}
                </TableTh>
              ))}
            </TableTr>
          </TableThead>
          <TableTbody>
            {(all ? products : products.slice(0, shownAtOnce)).map((product) => (
              <TableTr key={product.skuId}>
                <TableTh scope="row" fw={400}>
                  {product.productName}
                </TableTh>
                {kinds.map((kind) => (
                  <TableTd key={kind} ta="end">
                    <Count
                      product={product}
                      kind={kind}
                      count={product.counts.get(kind) ?? 0}
                      path={props.path}
                    />
                  </TableTd>
                ))}
              </TableTr>
            ))}
          </TableTbody>
        </Table>
      </TableScrollContainer>
      {hidden > 0 && (
        <Group p="sm">
          <Button variant="default" size="xs" onClick={toggle} aria-expanded={all}>
            {all ? `Show the first ${shownAtOnce}` : `Show ${formatNumber(hidden)} more`}
          </Button>
        </Group>
      )}
    </>
  );
}

function Count(props: {
  readonly product: Product;
  readonly kind: ChangeKind;
  readonly count: number;
  readonly path: string | null;
}) {
  const { product, kind, count, path } = props;
  if (count === 0) {
    return (
      <Text size="sm" c="dimmed" span>
        0
      </Text>
    );
  }
  if (path === null) return formatNumber(count);
  return (
    <Anchor
      component={NextLink}
      href={`${path}?kind=${kind}&sku=${product.skuId}#changes`}
      inherit
      c="inherit"
      underline="always"
      prefetch={false}
      aria-label={`${changeLabels[kind].heading}, ${product.productName}: ${formatNumber(count)}`}
    >
      {formatNumber(count)}
    </Anchor>
  );
}

interface Product {
  readonly skuId: string;
  readonly productName: string;
  readonly counts: ReadonlyMap<ChangeKind, number>;
}

/** Most changed first. */
const byProduct = (counts: readonly ChangeCount[]): readonly Product[] =>
  [...Map.groupBy(counts, ({ skuId }) => skuId)]
    .map(([skuId, of]) => ({
      skuId,
      productName: of[0]?.productName ?? skuId,
      total: of.reduce((sum, { count }) => sum + count, 0),
      counts: new Map(of.map(({ kind, count }) => [kind, count])),
    }))
    .sort((a, b) => b.total - a.total || a.productName.localeCompare(b.productName, "en"));
