int cstills_placeholder(void);
