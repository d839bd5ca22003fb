/*
 * Runs an exported network on a Cortex-M0, on every row of rows.h, and prints the classes: one a line, by semihosting, which emulators and
 * debuggers take as output. The script .ci/devices builds and runs it.
 *
 * There is no library: the vector table, the start and two calls of the debugger are all of it.
 */
#include "digits.h"
#include "rows.h"

/* Calls of semihosting (ARM, Semihosting for AArch32 and AArch64). */
enum { WRITE0 = 0x04, EXIT = 0x18, APPLICATION_EXIT = 0x20026 };

static void host(uint32_t call, uint32_t argument)
{
    register uint32_t r0 __asm__("r0") = call;
    register uint32_t r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}

void start(void);

void start(void)
{
    for (uint32_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        host(WRITE0, (uint32_t)digits_classes[digits_predict(rows[i])]);
        host(WRITE0, (uint32_t)"\n");
    }
    host(EXIT, APPLICATION_EXIT);
    for (;;) {
    }
}

extern uint32_t stack_top[];

/* Where the stack begins, and what runs after a reset. */
__attribute__((section(".vectors"), used)) static const void *const vectors[] = { stack_top, (const void *)start };
