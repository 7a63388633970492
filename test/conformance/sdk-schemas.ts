/**
 * JSON schemas of replies, made from the types that the TypeScript SDK publishes: every key of a
 * reply must be there with its type and pattern, and none may be added. Made at test time, in under
 * a second for each part of the SDK, so nothing is kept between runs.
 */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv, type ValidateFunction } from "ajv";
import { createGenerator, type SchemaGenerator } from "ts-json-schema-generator";

const PROJECT = join(dirname(fileURLToPath(import.meta.url)), "../..");
const SDK = dirname(createRequire(import.meta.url).resolve("@nktkas/hyperliquid/api/info"));

/** Part of the SDK whose types are meant. */
export type SdkPart = "info" | "subscription";

const generators = new Map<SdkPart, SchemaGenerator>();
const validators = new Map<string, ValidateFunction>();
const ajv = new Ajv({ strict: false, allErrors: true });

/** What is wrong with a value as an instance of an SDK type; none for a value that conforms. */
export function schemaProblems(part: SdkPart, typeName: string, value: unknown): string[] {
  const validate = validatorOf(part, typeName);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

function validatorOf(part: SdkPart, typeName: string): ValidateFunction {
  const key = `${part}/${typeName}`;
  let validate = validators.get(key);
  if (validate === undefined) {
    validate = ajv.compile(generatorOf(part).createSchema(typeName) as object);
    validators.set(key, validate);
  }
  return validate;
}

function generatorOf(part: SdkPart): SchemaGenerator {
  let generator = generators.get(part);
  if (generator === undefined) {
    generator = createGenerator({
      path: join(SDK, "..", part, "mod.d.ts"),
      tsconfig: join(PROJECT, "tsconfig.json"),
      skipTypeCheck: true,
      additionalProperties: false,
      expose: "none",
      topRef: false,
    });
    generators.set(part, generator);
  }
  return generator;
}
