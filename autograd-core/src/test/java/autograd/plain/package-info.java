/**
 * What every method of the catalogue is, by plain loops over doubles that share no code with the library, and
 * the tests that hold the library to it: {@link autograd.plain.Definitions} says how a definition is written.
 */
package autograd.plain;
