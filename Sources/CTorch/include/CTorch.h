int ctorch_placeholder(void);
