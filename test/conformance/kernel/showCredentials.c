/* Prints the lines of /proc/self/status that the differential test compares. Statically linked: it runs in an empty root. */
#include <stdio.h>
#include <string.h>

int main(void) {
  static const char *wanted[] = {"CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs", "Uid", "Gid"};
  char line[512];
  FILE *file = fopen("/proc/self/status", "r");
  if (file == NULL) return 1;
  while (fgets(line, sizeof line, file) != NULL) {
    for (unsigned i = 0; i < sizeof wanted / sizeof *wanted; i++) {
      size_t length = strlen(wanted[i]);
      if (strncmp(line, wanted[i], length) != 0 || line[length] != ':') continue;
      line[strcspn(line, "\n")] = 0;
      printf("%s:", wanted[i]);
      int first = 1;
      for (char *word = strtok(line + length + 1, "\t "); word != NULL; word = strtok(NULL, "\t ")) {
        printf("%s%s", first ? "" : " ", word);
        first = 0;
      }
      printf("\n");
    }
  }
  return 0;
}
